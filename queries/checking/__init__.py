"""What an answer says, sentence by sentence, held against its evidence."""
