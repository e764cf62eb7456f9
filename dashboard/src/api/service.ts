import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { ask } from "./client";
import { useDashboard } from "./dashboard";
import { keys } from "./keys";
import { Unreachable } from "./problem";
import type { Dataset, Datasets, Health, Strategies, Strategy } from "./types";

const HEALTH_MS = 5_000;
const CATALOG_MS = 30_000;

/**
 * Ask every few seconds how the service is.
 *
 * A stream whose other end vanished without a word looks open for minutes; this notices.
 */
export function useHealth(): UseQueryResult<Health> {
  const { stream } = useDashboard();
  return useQuery({
    queryKey: keys.health,
    refetchInterval: HEALTH_MS,
    staleTime: HEALTH_MS,
    retry: false,
    queryFn: async ({ signal }) => {
      try {
        return await ask<Health>("GET", "/api/health", { signal });
      } catch (error) {
        if (error instanceof Unreachable) stream.suspect();
        throw error;
      }
    },
  });
}

export function useStrategies(): UseQueryResult<Strategy[]> {
  return useQuery({
    queryKey: keys.strategies,
    staleTime: CATALOG_MS,
    queryFn: async ({ signal }) => (await ask<Strategies>("GET", "/api/strategies", { signal })).strategies,
  });
}

export function useDatasets(): UseQueryResult<Dataset[]> {
  return useQuery({
    queryKey: keys.datasets,
    staleTime: CATALOG_MS,
    queryFn: async ({ signal }) => (await ask<Datasets>("GET", "/api/datasets", { signal })).datasets,
  });
}
