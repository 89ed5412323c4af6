"""numpy, as the kit asks it: each docstring is the call that is graded."""

from typing import Any

import numpy as np
from domain import Floats, Rows, need_data, need_numbers, need_positive, need_tilt


class Binary64:
    """In binary64."""

    name, version, format = "numpy", np.__version__, "binary64"
    _dtype: Any = np.float64

    def log_partition(self, pi: Floats, r: Floats, beta: float) -> Any:
        """``beta * np.logaddexp.reduce(np.log(pi) + r / beta)``"""
        need_tilt(pi, r, beta)
        base, rewards, temperature = map(self._array, (pi, r, beta))
        with np.errstate(divide="ignore"):
            return temperature * np.logaddexp.reduce(np.log(base) + rewards / temperature)

    def elliptic(self, phis: Rows, phi: Floats, ridge: float) -> Any:
        """``phi @ np.linalg.solve(Sigma, phi)``, with ``Sigma`` formed in the same format"""
        need_numbers(*phis, phi)
        need_positive(ridge)
        target = self._array(phi)
        return target @ np.linalg.solve(self._sigma(phis, len(phi), ridge), target)

    def ridge(self, phis: Rows, rewards: Floats, ridge: float) -> Any:
        """``np.linalg.solve(Sigma, phis.T @ rewards)``, with ``Sigma`` formed in the same format"""
        need_data(phis, rewards)
        need_positive(ridge)
        rows = self._array(phis)
        return np.linalg.solve(self._sigma(phis, rows.shape[1], ridge), rows.T @ self._array(rewards))

    def in_span(self, phis: Rows, phi: Floats) -> Any:
        """``np.linalg.matrix_rank``, of the rows with and without ``phi``"""
        need_numbers(*phis, phi)
        rows = self._array(phis).reshape(-1, len(phi))
        return int(np.linalg.matrix_rank(rows)) == int(np.linalg.matrix_rank(np.vstack([rows, self._array(phi)])))

    def log_det(self, phis: Rows, ridge: float) -> Any:
        """``np.linalg.slogdet(I + phis.T @ phis / ridge)[1]``"""
        need_numbers(*phis)
        need_positive(ridge)
        rows = self._array(phis)
        if rows.ndim < 2:  # noqa: PLR2004 - no data
            return 0.0
        return np.linalg.slogdet(np.eye(rows.shape[1], dtype=self._dtype) + rows.T @ rows / self._array(ridge))[1]

    def _sigma(self, phis: Rows, d: int, ridge: float) -> Any:
        rows = self._array(phis).reshape(-1, d)
        return rows.T @ rows + self._array(ridge) * np.eye(d, dtype=self._dtype)

    def _array(self, values: Any) -> Any:
        return np.asarray(values, dtype=self._dtype)


class Binary32(Binary64):
    """In binary32."""

    format = "binary32"
    _dtype = np.float32
