"""The Pulumi program of every stack: what to deploy, and where, is the stack's configuration."""

from provisioner.deploy.program import main

main()
