"""The keys that Quadlet of Podman 5.4 takes in its own groups, from podman-systemd.unit(5). Any other refuses the whole unit."""

from collections.abc import Mapping
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


KEYS: Final[Mapping[str, frozenset[str]]] = {
    "Container": _words("""
        AddCapability AddDevice AddHost Annotation AutoUpdate CgroupsMode ContainerName ContainersConfModule DNS DNSOption
        DNSSearch DropCapability Entrypoint Environment EnvironmentFile EnvironmentHost Exec ExposeHostPort GIDMap
        GlobalArgs Group GroupAdd HealthCmd HealthInterval HealthLogDestination HealthMaxLogCount HealthMaxLogSize
        HealthOnFailure HealthRetries HealthStartPeriod HealthStartupCmd HealthStartupInterval HealthStartupRetries
        HealthStartupSuccess HealthStartupTimeout HealthTimeout HostName IP IP6 Image Label LogDriver LogOpt Mask Mount
        Network NetworkAlias NoNewPrivileges Notify PidsLimit Pod PodmanArgs PublishPort Pull ReadOnly ReadOnlyTmpfs Rootfs
        RunInit SeccompProfile Secret SecurityLabelDisable SecurityLabelFileType SecurityLabelLevel SecurityLabelNested
        SecurityLabelType ServiceName ShmSize StartWithPod StopSignal StopTimeout SubGIDMap SubUIDMap Sysctl Timezone Tmpfs
        UIDMap Ulimit Unmask User UserNS Volume WorkingDir
    """),
    "Volume": _words("""
        ContainersConfModule Copy Device Driver GlobalArgs Group Image Label Options PodmanArgs ServiceName Type User
        VolumeName
    """),
    "Network": _words("""
        ContainersConfModule DNS DisableDNS Driver Gateway GlobalArgs IPAMDriver IPRange IPv6 Internal Label NetworkName
        Options PodmanArgs ServiceName Subnet
    """),
    "Image": _words("""
        AllTags Arch AuthFile CertDir ContainersConfModule Creds DecryptionKey GlobalArgs Image ImageTag OS PodmanArgs
        ServiceName TLSVerify Variant
    """),
    "Pod": _words("""
        AddHost ContainersConfModule DNS DNSOption DNSSearch GIDMap GlobalArgs IP IP6 Network NetworkAlias PodName
        PodmanArgs PublishPort ServiceName ShmSize SubGIDMap SubUIDMap UIDMap UserNS Volume
    """),
    "Quadlet": _words("DefaultDependencies"),
}

GROUPS: Final[Mapping[str, str]] = {
    "container": "Container",
    "volume": "Volume",
    "network": "Network",
    "image": "Image",
    "pod": "Pod",
}
"""Ending of the unit's name to its own group."""

SYSTEMD_GROUPS: Final = frozenset({"Unit", "Service", "Install", "Quadlet"})
"""Groups that any Quadlet unit may have besides its own."""
