"""政务服务: what the county does for whoever comes to its counters, and how it learns whether it did it well."""
