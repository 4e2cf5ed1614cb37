"""Chapter 二(五): administrative enforcement and who may carry it out."""
