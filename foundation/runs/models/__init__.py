from foundation.runs.models.backtest_report import BacktestReport
from foundation.runs.models.run import Run
from foundation.runs.models.trained_model import ModelEvent, TrainedModel

__all__ = ["BacktestReport", "ModelEvent", "Run", "TrainedModel"]
