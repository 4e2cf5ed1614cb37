"""The telephone: calls over SIP and RTP, with what a call needs and no more. docs/guides/telephone.md"""
