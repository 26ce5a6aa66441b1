import TopNavigation from '@cloudscape-design/components/top-navigation';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useSession } from '#console/session/session.tsx';
import { chosenTheme, keepTheme } from './theme.ts';

/** The top bar: home, theme and user menu. */
export const Top = () => {
  const { me, config, signOut } = useSession();
  const navigate = useNavigate();
  const [theme, setTheme] = useState(chosenTheme);
  const other = theme === 'dark' ? 'light' : 'dark';
  return (
    <div id="top">
      <TopNavigation
        identity={{
          href: '/',
          title: 'Tenantry',
          logo: { src: '/icon.svg', alt: '' },
          onFollow: (event) => {
            event.preventDefault();
            void navigate('/');
          },
        }}
        utilities={[
          {
            type: 'button',
            text: other === 'dark' ? 'Dark' : 'Light',
            ariaLabel: `Switch to ${other} mode`,
            onClick: () => {
              keepTheme(other);
              setTheme(other);
            },
          },
          {
            type: 'menu-dropdown',
            iconName: 'user-profile',
            text: me.role,
            description: me.id,
            ariaLabel: `Signed in as ${me.role}`,
            items: [
              {
                id: 'who',
                text: config.signIn.kind === 'local' ? `${me.id} (local run)` : me.id,
                disabled: true,
              },
              { id: 'sign-out', text: 'Sign out' },
            ],
            onItemClick: ({ detail }) => detail.id === 'sign-out' && signOut(),
          },
        ]}
      />
    </div>
  );
};
