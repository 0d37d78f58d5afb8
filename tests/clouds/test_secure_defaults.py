"""What every deployment gets unasked: one row a rule, one cell a cloud.

A cell is a check of the tree that the fixture registers. What a cloud does by itself, or what is deliberately left out, is
a cell with its reason, and its check sees that nothing is set: whoever sets it has to change the row.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import pytest
from fixture_deployment import deployment
from golden import Tree, of_type
from secure_checks import Absent, Cell, aws_ssh, azure_ssh, both, every, gcp_ssh, no_type, security_rules
from secure_edge import EDGE
from simulated import build

from provisioner.clouds.components import Deployment
from provisioner.clouds.discovery import clouds
from provisioner.plan.model import Secret, Target, Zone

FIXTURES: Mapping[str, tuple[Target, Mapping[str, str]]] = {
    "aws": (
        Target(cloud="aws", region="eu-west-1", zones=("eu-west-1a", "eu-west-1b")),
        {"app": "t3.medium", "data": "m7i.large"},
    ),
    "azure": (
        Target(cloud="azure", region="westeurope", zones=("1", "2")),
        {"app": "Standard_B2s", "data": "Standard_D2s_v5"},
    ),
    "gcp": (
        Target(cloud="gcp", region="europe-west1", zones=("europe-west1-b", "europe-west1-c")),
        {"app": "e2-standard-2", "data": "e2-standard-2"},
    ),
}
SECRET = "fixture-password"
"""The name of a secret of the plan, which nothing in a cloud may hold."""

INSTANCE, SUBNET, GROUP = "aws:ec2/instance:Instance", "aws:ec2/subnet:Subnet", "aws:ec2/securityGroup:SecurityGroup"
IN, OUT = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
MACHINE, FIREWALL, STORE = "gcp:compute/instance:Instance", "gcp:compute/firewall:Firewall", "gcp:storage/bucket:Bucket"
VM, DISK = "azure-native:compute:VirtualMachine", "azure-native:compute:Disk"
RULES, INTERFACE = "azure-native:network:NetworkSecurityGroup", "azure-native:network:NetworkInterface"
ACCOUNT = "azure-native:storage:StorageAccount"


ROWS: Mapping[str, Mapping[str, Cell]] = {
    "the metadata service asks for a token (EC2.8)": {
        "aws": every(
            INSTANCE,
            lambda it: (
                it["metadataOptions"]["httpTokens"] == "required" and it["metadataOptions"]["httpPutResponseHopLimit"] == 1
            ),
        ),
        "gcp": Absent(
            "it asks for its header by design", every(MACHINE, lambda it: "disable-legacy-endpoints" not in it["metadata"])
        ),
        "azure": Absent(
            "it asks for its header by design; more needs the guest proxy agent, which Debian's image lacks",
            every(VM, lambda it: "proxyAgentSettings" not in it["securityProfile"]),
        ),
    },
    "hosts behind NAT have no public address (EC2.9, EC2.15)": {
        "aws": both(
            every(INSTANCE, lambda it: it["associatePublicIpAddress"] is False),
            every(SUBNET, lambda it: it["mapPublicIpOnLaunch"] is False),
        ),
        "gcp": every(MACHINE, lambda it: all("accessConfigs" not in one for one in it["networkInterfaces"])),
        "azure": every(INTERFACE, lambda it: all("publicIPAddress" not in one for one in it["ipConfigurations"])),
    },
    "SSH is open to nobody who is not named (EC2.13, EC2.14)": {
        "aws": every(IN, aws_ssh),
        "gcp": every(FIREWALL, lambda it: it["direction"] == "EGRESS" or gcp_ssh(it)),
        "azure": every(RULES, lambda it: all(map(azure_ssh, security_rules("Inbound", "Allow")(it)))),
    },
    "nobody logs in with a password, or with another project's key": {
        "aws": Absent(
            "EC2 authorises the key pair alone", every(INSTANCE, lambda it: it["keyName"] and "getPasswordData" not in it)
        ),
        "gcp": every(
            MACHINE,
            lambda it: (it["metadata"]["block-project-ssh-keys"], it["metadata"]["serial-port-enable"]) == ("TRUE", "FALSE"),
        ),
        "azure": every(
            VM,
            lambda it: (
                it["osProfile"]["linuxConfiguration"]["disablePasswordAuthentication"] is True
                and "adminPassword" not in it["osProfile"]
            ),
        ),
    },
    "what no rule lets in stays out (EC2.2)": {
        "aws": every("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", lambda it: "ingress" not in it and "egress" not in it),
        "gcp": both(
            every("gcp:compute/network:Network", lambda it: it["autoCreateSubnetworks"] is False),
            every(FIREWALL, lambda it: it["direction"] == "EGRESS" or bool(it["targetServiceAccounts"])),
            every(
                FIREWALL,
                lambda it: it["direction"] == "EGRESS" or bool(it.get("sourceRanges") or it.get("sourceServiceAccounts")),
            ),
        ),
        "azure": every(
            RULES,
            lambda it: (
                [
                    (rule["priority"], rule["protocol"], rule["destinationPortRange"])
                    for rule in security_rules("Inbound", "Deny")(it)
                ]
                == [(4096, "*", "*")]
            ),
        ),
    },
    "disks are encrypted (EC2.3, EC2.7)": {
        "aws": both(
            every(INSTANCE, lambda it: it["rootBlockDevice"]["encrypted"] is True),
            every("aws:ebs/volume:Volume", lambda it: it["encrypted"] is True),
        ),
        "gcp": Absent(
            "every disk is, with Google's keys", every("gcp:compute/disk:Disk", lambda it: "diskEncryptionKey" not in it)
        ),
        "azure": every(DISK, lambda it: it["encryption"]["type"] == "EncryptionAtRestWithPlatformKey"),
    },
    "disks are reached by their host alone": {
        "aws": Absent("a volume has no address", no_type("snapshotcreatevolumepermission")),
        "gcp": Absent("a disk has no address", every("gcp:compute/disk:Disk", lambda it: it.get("accessMode") is None)),
        "azure": every(DISK, lambda it: (it["networkAccessPolicy"], it["publicNetworkAccess"]) == ("DenyAll", "Disabled")),
    },
    "what boots is verified, on amd64": {
        "aws": Absent(
            "an instance has no switch for it: the image decides", every(INSTANCE, lambda it: "enclaveOptions" not in it)
        ),
        "gcp": every(
            MACHINE,
            lambda it: (
                it["shieldedInstanceConfig"] == {"enableSecureBoot": True, "enableVtpm": True, "enableIntegrityMonitoring": True}
            ),
        ),
        "azure": every(
            VM,
            lambda it: (
                it["securityProfile"]["securityType"] == "TrustedLaunch"
                and it["securityProfile"]["uefiSettings"] == {"secureBootEnabled": True, "vTpmEnabled": True}
            ),
        ),
    },
    "a group of hosts has an identity of its own that may do nothing unasked": {
        "aws": both(
            every(INSTANCE, lambda it: bool(it["iamInstanceProfile"])),
            every(
                "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
                lambda it: it["policyArn"].endswith("/AmazonSSMManagedInstanceCore"),
            ),
            no_type("iam/rolepolicy:", "iam/policy:"),
        ),
        "gcp": both(
            every(MACHINE, lambda it: it["serviceAccount"]["email"].startswith("demo-platform-")),
            no_type("iammember", "iambinding", "iampolicy"),
        ),
        "azure": both(every(VM, lambda it: it["identity"]["type"] == "UserAssigned"), no_type("roleassignment")),
    },
    "buckets are closed (S3.1, S3.8)": {
        "aws": both(
            every(
                "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
                lambda it: (
                    [it[flag] for flag in ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")]
                    == [True] * 4
                ),
            ),
            every(
                "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
                lambda it: it["rule"]["objectOwnership"] == "BucketOwnerEnforced",
            ),
        ),
        "gcp": every(STORE, lambda it: it["publicAccessPrevention"] == "enforced" and it["uniformBucketLevelAccess"] is True),
        "azure": both(
            every(ACCOUNT, lambda it: it["allowBlobPublicAccess"] is False and it["allowSharedKeyAccess"] is False),
            every(
                ACCOUNT,
                lambda it: (
                    it["networkRuleSet"]["defaultAction"] == "Deny" and len(it["networkRuleSet"]["virtualNetworkRules"]) == 2
                ),
            ),
            every("azure-native:storage:BlobContainer", lambda it: it["publicAccess"] == "None"),
        ),
    },
    "buckets answer over TLS only (S3.5)": {
        "aws": every("aws:s3/bucketPolicy:BucketPolicy", lambda it: '"aws:SecureTransport": "false"' in it["policy"]),
        "gcp": Absent("Cloud Storage's API has no other way", every(STORE, lambda it: "websites" not in it)),
        "azure": every(ACCOUNT, lambda it: it["enableHttpsTrafficOnly"] is True and it["minimumTlsVersion"] == "TLS1_2"),
    },
    "objects are encrypted": {
        "aws": every(
            "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
            lambda it: it["rules"][0]["applyServerSideEncryptionByDefault"]["sseAlgorithm"] == "AES256",
        ),
        "gcp": Absent("every object is, with Google's keys", every(STORE, lambda it: "encryption" not in it)),
        "azure": Absent("every object is, with Microsoft's keys", every(ACCOUNT, lambda it: "encryption" not in it)),
    },
    **EDGE,
    "databases are private and backed up": {
        "aws": Absent("a definition has no managed databases: they run on hosts, whose rules hold", no_type("aws:rds/")),
        "gcp": Absent("a definition has no managed databases: they run on hosts, whose rules hold", no_type("gcp:sql/")),
        "azure": Absent(
            "a definition has no managed databases: they run on hosts, whose rules hold",
            no_type("azure-native:dbfor", "azure-native:sql"),
        ),
    },
    "the way out is written down": {
        "aws": both(
            every(OUT, lambda it: bool(it["ipProtocol"])),
            lambda tree: {rule["inputs"]["securityGroupId"] for rule in of_type(tree, OUT).values()} >= of_hosts(tree),
            every("aws:ec2/natGateway:NatGateway", lambda it: bool(it["allocationId"])),
        ),
        "gcp": both(
            lambda tree: any(each["inputs"]["direction"] == "EGRESS" for each in of_type(tree, FIREWALL).values()),
            every("gcp:compute/routerNat:RouterNat", lambda it: it["natIpAllocateOption"] == "AUTO_ONLY"),
        ),
        "azure": both(
            every("azure-native:network:Subnet", lambda it: it["defaultOutboundAccess"] is False),
            every(RULES, lambda it: [rule["priority"] for rule in security_rules("Outbound", "Deny")(it)] == [4096]),
        ),
    },
    "flow logs (EC2.6)": {
        "aws": Absent("billed by the gigabyte, so never unasked", no_type("flowlog")),
        "gcp": Absent(
            "billed by the gigabyte, so never unasked",
            every("gcp:compute/subnetwork:Subnetwork", lambda it: "logConfig" not in it),
        ),
        "azure": Absent("billed by the gigabyte, so never unasked", no_type("flowlog")),
    },
    "secrets are in no machine's first-boot document, and in no resource of a cloud": {
        "aws": both(
            every(INSTANCE, lambda it: it["userData"].startswith("#cloud-config\nhostname: ")),
            lambda tree: SECRET not in str(tree),
        ),
        "gcp": both(
            every(MACHINE, lambda it: it["metadata"]["user-data"].startswith("#cloud-config\nhostname: ")),
            lambda tree: SECRET not in str(tree),
        ),
        "azure": both(every(VM, lambda it: len(it["osProfile"]["customData"]) < 60), lambda tree: SECRET not in str(tree)),
    },
}


def of_hosts(tree: Tree) -> set[str]:
    """The security groups that hosts are in, on AWS."""
    return {group for each in of_type(tree, INSTANCE).values() for group in each["inputs"]["vpcSecurityGroupIds"]}


@cache
def tree_of(cloud: str) -> Tree:
    target, machines = FIXTURES[cloud]
    made: Deployment = deployment(target, machines=machines)
    plan = replace(made.plan, secrets=(Secret(name=SECRET, length=24),))
    if "balancer-https" in clouds()[cloud].capabilities:
        (web,) = plan.balancers
        secure = replace(web, name="secure", type="https", port=443, address="", domain="shop.example.com", zone="example.com")
        plan = replace(plan, balancers=(web, secure), zones=(Zone(name="example.com", create=True),))
    return build(replace(made, plan=plan))


@pytest.mark.parametrize("cloud", clouds())
@pytest.mark.parametrize("rule", ROWS)
def test_secure_default(rule: str, cloud: str) -> None:
    cell = ROWS[rule][cloud]
    check = cell.check if isinstance(cell, Absent) else cell
    assert check(tree_of(cloud))


@pytest.mark.parametrize("rule", ROWS)
def test_what_is_left_out_has_a_reason(rule: str) -> None:
    for cell in ROWS[rule].values():
        assert not isinstance(cell, Absent) or len(cell.reason.split()) > 3
