"""What surrounds the framework: its page in French, small files made smaller, safe headers, plain routes."""
