"""A stack of 1,000 hosts: our program against one written by hand that registers the same resources."""
