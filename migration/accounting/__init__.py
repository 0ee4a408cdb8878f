"""Each record of the extract beside what became of it, and the sample sheet that both parties sign."""
