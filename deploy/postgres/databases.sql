-- One database per service: no service reads what another keeps.
CREATE DATABASE customers;
CREATE DATABASE orders;
CREATE DATABASE performance;
CREATE DATABASE coordination;
-- The keys of what is sealed, apart from read models, which may be dropped.
CREATE DATABASE customers_keys;
CREATE DATABASE performance_keys;
CREATE DATABASE coordination_keys;
