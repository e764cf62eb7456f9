import "@mantine/core/styles.css";
import "./app/global.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createDashboard } from "./api/dashboard";
import { App } from "./app/App";
import { makeRouter } from "./app/router";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no element with the id root");
createRoot(root).render(
  <StrictMode>
    <App dashboard={createDashboard()} router={makeRouter()} />
  </StrictMode>,
);
