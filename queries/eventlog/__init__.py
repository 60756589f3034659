"""What is told while a question is answered, kept in Valkey so that it can be told again."""
