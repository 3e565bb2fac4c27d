"""What the base does when the process, the disk or the server fails under it (`make faults`, docs/reliability.md)."""
