"""The kernel: rooms that know nothing of any county or any business."""
