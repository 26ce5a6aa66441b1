import AppLayoutToolbar from '@cloudscape-design/components/app-layout-toolbar';
import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group';
import Flashbar from '@cloudscape-design/components/flashbar';
import SideNavigation from '@cloudscape-design/components/side-navigation';
import { useState } from 'react';
import { Outlet, useLocation, useNavigate } from 'react-router';
import { useSession } from '#console/session/session.tsx';
import { type AsideContent, AsideContext } from '#console/shared/aside.tsx';
import { LeafContext } from '#console/shared/leaf.ts';
import { NoticesContext, useNoticeList } from '#console/shared/notices.ts';
import { AsidePanel } from './aside-panel.tsx';
import { navigationOf } from './navigation.ts';
import { Top } from './top.tsx';

const isNarrow = () => matchMedia('(max-width: 688px)').matches;

/** The frame of every page: navigation, breadcrumb, user menu and notifications. */
export const Shell = () => {
  const session = useSession();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const [isOpen, setOpen] = useState(() => !isNarrow());
  const [aside, setAside] = useState<AsideContent>();
  const { items, notify } = useNoticeList();
  const places = navigationOf(session);
  const here = places.findLast(({ href }) => pathname === href || pathname.startsWith(`${href}/`));
  const [leaf, setLeaf] = useState<string>();
  const follow = (event: CustomEvent<{ href?: string | undefined }>) => {
    event.preventDefault();
    if (event.detail.href !== undefined) void navigate(event.detail.href);
  };

  return (
    <NoticesContext value={notify}>
      <AsideContext value={setAside}>
        <LeafContext value={setLeaf}>
          <Top />
          <AppLayoutToolbar
            headerSelector="#top"
            toolsHide
            ariaLabels={{
              navigation: 'Pages',
              navigationToggle: 'Open navigation',
              navigationClose: 'Close navigation',
            }}
            navigationOpen={isOpen}
            onNavigationChange={({ detail }) => setOpen(detail.open)}
            navigation={
              <SideNavigation
                activeHref={here?.href ?? ''}
                items={places}
                onFollow={(event) => {
                  if (isNarrow()) setOpen(false);
                  follow(event);
                }}
              />
            }
            breadcrumbs={
              here && (
                <BreadcrumbGroup
                  ariaLabel="Breadcrumb"
                  items={[here, ...(leaf === undefined ? [] : [{ text: leaf, href: pathname }])]}
                  onFollow={follow}
                />
              )
            }
            notifications={<Flashbar items={items} stackItems />}
            splitPanelOpen={aside !== undefined}
            onSplitPanelToggle={({ detail }) => !detail.open && setAside(undefined)}
            splitPanel={aside && <AsidePanel {...aside} />}
            content={<Outlet />}
          />
        </LeafContext>
      </AsideContext>
    </NoticesContext>
  );
};
