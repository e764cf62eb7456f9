import { count, fixed, score, share, UNKNOWN } from "./numbers";

type Kind = "share" | "ratio" | "money" | "count" | "candles";

interface Metric {
  readonly label: string;
  readonly kind: Kind;
  readonly meaning: string;
}

/** The metrics in the order in which they are shown; fractions are written as percent. */
export const METRICS: Readonly<Record<string, Metric>> = {
  sharpe: {
    label: "Sharpe",
    kind: "ratio",
    meaning: "Mean return / its standard deviation, per year; no risk-free rate.",
  },
  sortino: {
    label: "Sortino",
    kind: "ratio",
    meaning: "Mean return / root mean square of the losing returns, per year.",
  },
  calmar: { label: "Calmar", kind: "ratio", meaning: "Growth per year / deepest drawdown." },
  total_return: { label: "Total return", kind: "share", meaning: "Final equity / initial cash - 1." },
  cagr: {
    label: "Growth per year",
    kind: "share",
    meaning: "The steady growth per year that leads to the same final equity.",
  },
  max_drawdown: {
    label: "Max drawdown",
    kind: "share",
    meaning: "The deepest fall of the equity below its highest point before.",
  },
  max_drawdown_duration: {
    label: "Longest drawdown",
    kind: "candles",
    meaning: "The most candles from a peak until the equity was back.",
  },
  trades: { label: "Trades", kind: "count", meaning: "How many trades were closed." },
  win_rate: { label: "Win rate", kind: "share", meaning: "Trades with a profit after fees / all trades." },
  profit_factor: {
    label: "Profit factor",
    kind: "ratio",
    meaning: "Sum of the profits / sum of the losses; above 1 the strategy earns.",
  },
  expectancy: {
    label: "Expectancy",
    kind: "money",
    meaning: "Mean profit of a trade after fees, in money.",
  },
  average_trade: {
    label: "Average trade",
    kind: "share",
    meaning: "Mean profit of a trade after fees, of what it put in.",
  },
  sqn: {
    label: "SQN",
    kind: "ratio",
    meaning: "System quality: root of the trades x mean profit / its standard deviation.",
  },
  exposure: { label: "Exposure", kind: "share", meaning: "Candles with an open position / all candles." },
  fees_paid: { label: "Fees paid", kind: "money", meaning: "All fees, in money." },
  final_equity: {
    label: "Final equity",
    kind: "money",
    meaning: "What the account was worth at the last candle.",
  },
};

/** The metrics that a job can maximise. */
export const OBJECTIVES = [
  "sharpe",
  "sortino",
  "calmar",
  "cagr",
  "total_return",
  "max_drawdown",
  "profit_factor",
  "expectancy",
  "average_trade",
  "sqn",
  "win_rate",
  "final_equity",
] as const;

/** Name a metric for people. */
export function metricLabel(name: string): string {
  return METRICS[name]?.label ?? name;
}

/** Write a metric's value as its kind asks for. */
export function metricValue(name: string, value: number | null | undefined): string {
  if (value === null || value === undefined) return UNKNOWN;
  switch (METRICS[name]?.kind) {
    case "share":
      return share(value);
    case "money":
      return fixed(value, 2);
    case "count":
    case "candles":
      return count(value);
    default:
      return score(value);
  }
}
