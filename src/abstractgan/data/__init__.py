"""Pictures: digits, photographs and paintings, and the pipeline that feeds them to a network."""
