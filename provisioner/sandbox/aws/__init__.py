"""Simulated AWS: what EC2, EBS, Elastic Load Balancing, IAM and S3 check and answer for the types the project uses."""
