"""What was voted, paid and spent, agreement by agreement, and how unequal grants compare."""
