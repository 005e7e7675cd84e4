import os

# Before torch is first imported: threads that wait by spinning starve each other when other programs
# compute too (15 times slower on two shared cores).
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
