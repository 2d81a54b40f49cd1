-- One database per service: no service reads what another keeps.
CREATE DATABASE customers;
CREATE DATABASE orders;
CREATE DATABASE performance;
CREATE DATABASE coordination;
