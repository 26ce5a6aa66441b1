import Link, { type LinkProps } from '@cloudscape-design/components/link';
import type { ReactNode } from 'react';
import { useNavigate } from 'react-router';

interface TextLinkProps {
  to: string;
  children: ReactNode;
  variant?: LinkProps['variant'];
  fontSize?: LinkProps['fontSize'];
}

/** A link to another page of the console, which navigates without reloading but behaves like any link otherwise. */
export const TextLink = ({ to, children, variant = 'primary', fontSize = 'inherit' }: TextLinkProps) => {
  const navigate = useNavigate();
  return (
    <Link
      href={to}
      variant={variant}
      fontSize={fontSize}
      onFollow={(event) => {
        event.preventDefault();
        void navigate(to);
      }}
    >
      {children}
    </Link>
  );
};
