"""Chapter 二（三）: what is done for those who do business."""
