"""What the interop cases stand on: the peers, the program, the recorded audio, and the checks."""
