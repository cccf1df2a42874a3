"""What `robots doctor` looks at, a module per part of the stack."""
