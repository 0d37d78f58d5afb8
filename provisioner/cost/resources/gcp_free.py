"""Types of the provider `gcp` without a charge of their own."""

from typing import Final

_COMPUTE: Final = (
    "attachedDisk:AttachedDisk",
    "autoscaler:Autoscaler",
    "backendBucket:BackendBucket",
    "backendService:BackendService",
    "firewall:Firewall",
    "firewallPolicy:FirewallPolicy",
    "healthCheck:HealthCheck",
    "httpHealthCheck:HttpHealthCheck",
    "instanceGroup:InstanceGroup",
    "instanceTemplate:InstanceTemplate",
    "managedSslCertificate:ManagedSslCertificate",
    "network:Network",
    "networkEndpoint:NetworkEndpoint",
    "networkEndpointGroup:NetworkEndpointGroup",
    "projectMetadata:ProjectMetadata",
    "regionAutoscaler:RegionAutoscaler",
    "regionBackendService:RegionBackendService",
    "regionHealthCheck:RegionHealthCheck",
    "regionInstanceTemplate:RegionInstanceTemplate",
    "regionNetworkEndpointGroup:RegionNetworkEndpointGroup",
    "regionTargetHttpProxy:RegionTargetHttpProxy",
    "regionUrlMap:RegionUrlMap",
    "resourcePolicy:ResourcePolicy",
    "diskResourcePolicyAttachment:DiskResourcePolicyAttachment",
    "route:Route",
    "router:Router",
    "routerInterface:RouterInterface",
    "sslCertificate:SSLCertificate",
    "subnetwork:Subnetwork",
    "targetHttpProxy:TargetHttpProxy",
    "targetHttpsProxy:TargetHttpsProxy",
    "uRLMap:URLMap",
)
_OTHERS: Final = (
    "artifactregistry/repositoryIamMember:RepositoryIamMember",
    "cloudrunv2/serviceIamMember:ServiceIamMember",
    "dns/recordSet:RecordSet",
    "kms/keyRing:KeyRing",
    "pubsub/topicIAMMember:TopicIAMMember",
    "secretmanager/secretIamMember:SecretIamMember",
    "secretmanager/secretVersion:SecretVersion",
    "sql/database:Database",
    "sql/user:User",
    "storage/bucketACL:BucketACL",
    "storage/bucketIAMBinding:BucketIAMBinding",
    "storage/bucketIAMMember:BucketIAMMember",
)

FREE: Final = frozenset(
    {
        "gcp:organizations/",
        "gcp:projects/",
        "gcp:serviceaccount/",
        *(f"gcp:compute/{one}" for one in _COMPUTE),
        *(f"gcp:{one}" for one in _OTHERS),
    }
)
