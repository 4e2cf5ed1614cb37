"""People called until they answer: warning ladders (叫应) and satisfaction call-backs (回访)."""
