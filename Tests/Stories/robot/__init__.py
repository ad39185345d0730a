"""What the stories stand on: a terminal with keys and a screen, and somebody who calls from outside."""
