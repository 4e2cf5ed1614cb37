"""The law that the register of normative documents rests on."""

from yifa.law import statute

organisation = statute("local-organisation-law")
business = statute("business-environment-regulation")
notice = statute("normative-documents-notice")
