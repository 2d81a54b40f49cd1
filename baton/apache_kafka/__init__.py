"""Apache Kafka itself on one developer's machine: one node in KRaft mode, from its published artefacts."""
