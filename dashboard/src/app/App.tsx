import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect } from "react";
import { DashboardContext, type Dashboard } from "../api/dashboard";
import type { makeRouter } from "./router";
import { theme } from "./theme";

interface AppProps {
  readonly dashboard: Dashboard;
  readonly router: ReturnType<typeof makeRouter>;
}

/** The dashboard: opens its stream of events when it appears, and closes it when it goes. */
export function App({ dashboard, router }: AppProps) {
  useEffect(() => {
    dashboard.stream.start();
    return () => dashboard.stream.stop();
  }, [dashboard]);
  return (
    // The server's Content-Security-Policy admits no style elements: variables and classes stand in files.
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <QueryClientProvider client={dashboard.queries}>
        <DashboardContext value={dashboard}>
          <RouterProvider router={router} />
        </DashboardContext>
      </QueryClientProvider>
    </MantineProvider>
  );
}
