"""What multi-turn exploration costs, token by token and by whole sequences, in the mean."""
