"""A verifier of the protocol in Python, written from the prose in protocol/ and from nothing else."""
