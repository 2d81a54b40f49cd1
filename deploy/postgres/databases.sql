-- One database per service: no service reads what another keeps.
CREATE DATABASE customers;
CREATE DATABASE orders;
CREATE DATABASE performance;
CREATE DATABASE coordination;
-- The keys of personal data, apart from read models, which may be dropped; of the services that know people.
CREATE DATABASE customers_keys;
CREATE DATABASE performance_keys;
