import type { components } from "./schema";

type Schemas = components["schemas"];

export type Job = Schemas["JobOut"];
export type JobState = Job["state"];
export type JobRemoved = Schemas["JobRemoved"];
export type JobPage = Schemas["JobPageOut"];
export type JobRequest = Schemas["JobIn"];
export type Condition = Schemas["ConditionOut"];
export type RunningEpisode = Schemas["RunningEpisodeOut"];
export type Spec = Schemas["SpecOut"];
export type Episode = Schemas["EpisodeOut"];
export type EpisodeState = Episode["state"];
export type EpisodePage = Schemas["EpisodePageOut"];
export type EpisodeEvent = Schemas["EpisodeEvent"];
export type Backtest = Schemas["BacktestOut"];
export type Trade = Schemas["TradeOut"];
export type Importances = Schemas["ImportancesOut"];
export type Strategy = Schemas["StrategyOut"];
export type Parameter = Schemas["ParameterOut"];
export type Strategies = Schemas["StrategiesOut"];
export type Dataset = Schemas["DatasetOut"];
export type Datasets = Schemas["DatasetsOut"];
export type LogLine = Schemas["LogEvent"];
export type Reset = Schemas["ResetEvent"];
export type Health = Schemas["HealthOut"];
export type Worker = Schemas["WorkerOut"];
