"""What each simulated type accepts, generated from the cloud SDKs' own classes by `generate`: one JSON file a package.

    {"types":     {"ec2.InstanceRootBlockDeviceArgs": {"required": [...], "properties": {name: TYPE}}},
     "enums":     {"compute.CachingTypes": [value, ...]},
     "resources": {"aws:ec2/vpc:Vpc": {"required": [...], "properties": {name: TYPE}, "outputs": [name, ...]}}}

A TYPE is "string", "integer", "number", "boolean", "any" or "asset", or an object with one key: {"list": TYPE}, {"map": TYPE},
{"object": name in types}, {"enum": name in enums}, {"any-of": [TYPE, ...]}.
"""
