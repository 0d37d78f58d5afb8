"""The policy pack `provisioner-cost`: `pulumi up --policy-pack DIR --policy-pack-config FILE`."""

from provisioner.deploy.policy.pack import pack

pack()
