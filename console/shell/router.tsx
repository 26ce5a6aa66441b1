import { createBrowserRouter } from 'react-router';
import { Home } from './home.tsx';
import { NotFound } from './not-found.tsx';
import { PageFailure } from './page-failure.tsx';

/** The routes; the code of a page is loaded on navigation. */
export const consoleRouter = () =>
  createBrowserRouter([
    {
      lazy: async () => ({ Component: (await import('./shell.tsx')).Shell }),
      ErrorBoundary: PageFailure,
      HydrateFallback: () => null,
      children: [
        {
          ErrorBoundary: PageFailure,
          children: [
            { index: true, Component: Home },
            { path: '/signed-in', Component: Home },
            {
              path: '/fleet',
              lazy: async () => ({ Component: (await import('#console/fleet/fleet-page.tsx')).FleetPage }),
            },
            {
              path: '/tenants',
              lazy: async () => ({ Component: (await import('#console/tenants/tenants-page.tsx')).TenantsPage }),
            },
            {
              path: '/tenants/new',
              lazy: async () => ({ Component: (await import('#console/tenants/create-page.tsx')).CreatePage }),
            },
            {
              path: '/tenants/:tenant/:tab?',
              lazy: async () => ({ Component: (await import('#console/tenant/tenant-page.tsx')).TenantPage }),
            },
            {
              path: '/operations',
              lazy: async () => ({
                Component: (await import('#console/operations/operations-page.tsx')).OperationsPage,
              }),
            },
            {
              path: '/operations/:operation',
              lazy: async () => ({ Component: (await import('#console/operations/operation-page.tsx')).OperationPage }),
            },
            {
              path: '/flags',
              lazy: async () => ({ Component: (await import('#console/flags/flags-page.tsx')).FlagsPage }),
            },
            {
              path: '/flags/new',
              lazy: async () => ({ Component: (await import('#console/flags/new-flag-page.tsx')).NewFlagPage }),
            },
            {
              path: '/flags/:key/:tab?',
              lazy: async () => ({ Component: (await import('#console/flags/flag-page.tsx')).FlagPage }),
            },
            {
              path: '/audit',
              lazy: async () => ({
                Component: (await import('#console/audit/platform-audit-page.tsx')).PlatformAuditPage,
              }),
            },
            { path: '*', Component: NotFound },
          ],
        },
      ],
    },
  ]);
