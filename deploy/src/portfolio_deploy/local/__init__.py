"""The local stack: Kafka, PostgreSQL and the services as processes on this machine."""
