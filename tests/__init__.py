"""The suite: the tree below mirrors core/, dashboard/ and plugins/."""
