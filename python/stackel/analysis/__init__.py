"""What runs tell together: growth with the horizon."""

from stackel.analysis._scaling import scaling
from stackel.analysis._scaling_fit import ScalingFit

__all__ = ["ScalingFit", "scaling"]
