import "@mantine/core/styles.css";
import "./app/global.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createDashboard, joinSession } from "./api/dashboard";
import { App } from "./app/App";
import { makeRouter } from "./app/router";

joinSession();
const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no element with the id root");
createRoot(root).render(
  <StrictMode>
    <App dashboard={createDashboard()} router={makeRouter()} />
  </StrictMode>,
);
