"""Names of torch that there is no rule for, but that are: what they give is not known, and no fault of the code."""

from __future__ import annotations

from functools import cache


@cache
def tensor_methods() -> frozenset[str]:
    """Methods of tensors without a rule."""
    return frozenset(
        "abs add addbmm addmm all any apply_ argmax argmin argsort as_strided baddbmm bincount bitwise_and "
        "bool byte char cholesky cross cummax cummin diff dist element_size erf expand_as eig fft geqrf histc "
        "inverse int is_complex is_floating_point is_same_size isclose istft kthvalue ldexp logdet lstsq lu "
        "map_ masked_select matrix_exp matrix_power median mode multinomial nonzero norm orgqr pinverse prelu "
        "put_ qr quantile ravel record_stream renorm reshape_as resize resize_ set_ short slogdet smm softmax "
        "solve sparse_dim sspaddmm stft storage stride storage_offset sum_to_size svd symeig take to_dense "
        "to_sparse topk trace triangular_solve unflatten unfold unique vdot view_as where xlogy "
        "untyped_storage".split()
    )
