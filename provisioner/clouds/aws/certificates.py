"""Certificates of Certificate Manager: free, proven by a record in the domain's zone, and renewed as long as it stands."""

import pulumi
from pulumi_aws import acm, route53

from provisioner.clouds.aws import defaults
from provisioner.clouds.components import Family
from provisioner.plan.model import Balancer

TTL = 300
"""Of the record that proves the domain, in seconds."""


def certificate(family: Family, balancer: Balancer, zone: pulumi.Output[str]) -> pulumi.Output[str]:
    """The ARN of a certificate for the balancer's domain, known once it is issued."""
    plan, words = family.deployment.plan, ("balancer", balancer.name, "certificate")
    asked = acm.Certificate(
        family.child(*words),
        domain_name=balancer.domain,
        validation_method="DNS",
        key_algorithm="RSA_2048",
        tags=defaults.tags(plan, "balancers", family.child(balancer.name)),
        opts=family.under(),
    )
    proof = asked.domain_validation_options[0]
    record = route53.Record(
        family.child(*words, "proof"),
        zone_id=zone,
        name=proof.resource_record_name,
        type=proof.resource_record_type,
        ttl=TTL,
        records=[proof.resource_record_value],
        # Certificates of one domain are proven by the same record.
        allow_overwrite=True,
        opts=family.under(),
    )
    issued = acm.CertificateValidation(
        family.child(*words, "issued"),
        certificate_arn=asked.arn,
        validation_record_fqdns=[record.fqdn],
        opts=family.under(),
    )
    return issued.certificate_arn
