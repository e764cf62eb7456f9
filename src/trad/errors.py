"""Every error that Trad raises on purpose, in one tree.

```
TradError
├── InputError             something given breaks a rule: exit code 2, one sentence, no traceback
│   ├── CandlesError       candles that cannot be traded on
│   ├── DataFileError      a file that is not a table of candles
│   ├── ParameterError     a parameter's declaration, range or value
│   ├── SpaceError         a search space that is empty, or too large for the optimizer
│   ├── TermsError         terms of trading that do not exist or make no sense
│   ├── StrategyNotFound   a name, file or class that leads to no strategy
│   ├── SettingsError      an environment variable that means nothing, or holds a bad value
│   ├── DataNotFound       a name that no dataset of the library has
│   ├── JobNotFound        an id that no job has
│   ├── SubmissionReused   an idempotency key that stands for another job already
│   └── ChangedSince       a strategy or data that is not what it was when its job was made
├── StrategyError          the strategy itself failed
│   └── SignalsError       it returned signals that break their contract
├── Stopped                the stop flag was up: a backtest ended early, at its user's wish
├── ExchangeFailed         an exchange does not answer, or sends what cannot be
├── ExecutorError          episodes cannot be run at all: no worker starts
├── InspectionFailed       a question about strategies or candles found no answer; it may be asked again
└── LedgerError            the table of jobs refused
    ├── LeaseLost          another worker owns the job now: this one must write nothing more
    ├── JobBusy            the job is claimed by a worker that is alive
    ├── TransitionError    a state that cannot follow the present one
    ├── LedgerUnavailable  the database is locked, full or gone: the same call may work a moment later
    └── DatabaseTooNew     the database was written by a newer Trad
```

A message says what, the rule, the value found and the remedy, in one sentence:
`fee was nan; a fee is a fraction from 0 to 0.1, such as 0.001`.
"""


class TradError(Exception):
    """Base of all errors that Trad raises on purpose."""


class InputError(TradError):
    """Something the user gave breaks a rule; the message says which, and what to do."""


class CandlesError(InputError):
    """Candles that cannot be traded on: NaN, high below low, unsorted time and the like."""


class DataFileError(InputError):
    """A file that cannot be read as a table of candles."""


class ParameterError(InputError):
    """A parameter's declaration, range or value is wrong."""


class SpaceError(InputError):
    """A search space without a configuration in it, or with more than the optimizer can walk."""


class TermsError(InputError):
    """A term of trading is unknown, or its value is outside its range."""


class StrategyNotFound(InputError):
    """A strategy's name, file or class leads nowhere."""


class SettingsError(InputError):
    """An environment variable of Trad's that means nothing, or holds a value it cannot."""


class DataNotFound(InputError):
    """No dataset of the library has this name."""


class JobNotFound(InputError):
    """No job has this id."""


class SubmissionReused(InputError):
    """An idempotency key was sent before, with a request that asked for something else."""


class ChangedSince(InputError):
    """A job's strategy or data is gone, or not what it was; the job waits until it is brought back."""


class StrategyError(TradError):
    """The strategy raised; the message names the strategy's own file and line."""


class SignalsError(StrategyError):
    """The strategy returned something that is not one valid `Signals` for its candles."""


class Stopped(TradError):
    """The stop flag was up when a stage looked at it."""


class ExchangeFailed(TradError):
    """An exchange does not answer, refuses, or sends candles that cannot be."""


class ExecutorError(TradError):
    """No worker can be started, so no episode can run."""


class InspectionFailed(TradError):
    """What looks at strategies and candles is busy, was too slow or died; the question may be asked again."""


class LedgerError(TradError):
    """The table of jobs refused an operation."""


class LeaseLost(LedgerError):
    """Another worker owns the job; nothing of this one's was written."""


class JobBusy(LedgerError):
    """The job is claimed by a worker whose lease runs on."""


class TransitionError(LedgerError):
    """The job's state does not allow what was asked."""


class LedgerUnavailable(LedgerError):
    """The database is locked, full or gone; nothing was written, and the call may be made again."""


class DatabaseTooNew(LedgerError):
    """The database carries a revision that this program does not know; it was left untouched."""
