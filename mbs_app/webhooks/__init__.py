"""What providers call: verify the signature, parse, one service call, answer after the commit."""
