"""`make e2e-emulator`: the packaged functions on an emulator of AWS. Never packaged itself."""
