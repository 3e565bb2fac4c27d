"""What leaves the product as files: the template to fill, the JSON Table Schema of a dataset."""
