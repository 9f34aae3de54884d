/**
 * Alarms of a line whose pieces are sorted by their spectra. Put back into service, the first two learn again what is usual:
 * that is how a person says that it is so from now on, and who it was is recorded with it.
 */
import type { AlarmSource } from '@trame/protocol/alarms/alarm-names';
import type { SortingConfig } from '../sorting-config.ts';
import type { AlarmConfig } from './alarm-config.ts';
import { PLAIN_ALARM } from './plain-alarm.ts';

/** Whose alarms learn what is usual. */
export const LEARNING_SOURCES: readonly AlarmSource[] = ['nir-drift', 'class-shares'];

export function sortingAlarms({
  nir,
  fallback,
}: Pick<SortingConfig, 'nir' | 'fallback'>): readonly AlarmConfig[] {
  return [
    {
      ...PLAIN_ALARM,
      id: 'nir-drift',
      priority: 2,
      label: 'Le NIR ne voit plus comme son modèle',
      cause:
        'Vitre sale, lampe vieillie, longueurs d’onde décalées ; ou une matière que le modèle ne connaît pas.',
      consequence:
        `Des pièces sont mal reconnues, ou pas du tout : illisibles, elles partent en « ${fallback} » ; ` +
        'lues sans être reconnues, là où le programme envoie ce qu’il ne connaît pas.',
      response:
        'Essuyer la vitre, refaire la référence blanche ; si cela dure, changer la lampe. Sinon refaire le modèle sur cet appareil. ' +
        'Réparé, et toujours levée : mettre cette alarme hors service puis en service ; elle réapprend en 8 bonnes heures.',
      source: 'nir-drift',
      device: nir,
      onDelayMs: 10_000,
      offDelayMs: 60_000,
    },
    {
      ...PLAIN_ALARM,
      id: 'class-shares',
      label: 'Les matières reconnues ont changé',
      cause: 'Un autre gisement passe sur le tapis, ou le NIR appelle autrement les mêmes matières.',
      consequence:
        'Les sorties se remplissent autrement que d’habitude ; si le NIR se trompe, elles sont impures.',
      response:
        'Comparer quelques pièces à leur étiquette. Fausses : traiter le NIR comme une dérive. ' +
        'Justes : mettre cette alarme hors service puis en service ; ce qui passe maintenant devient l’habitude.',
      source: 'class-shares',
      device: nir,
    },
    {
      ...PLAIN_ALARM,
      id: 'spectra-missed',
      label: 'Des spectres du NIR manquent',
      cause:
        'La liaison avec le NIR est trop lente ou a été coupée, ou le poste de ligne était trop chargé, ou arrêté.',
      consequence:
        'Ces pièces ne sont pas jugées : elles vont où le trieur envoie ce qui est sans verdict, et ne sont pas décrites.',
      response:
        'Vérifier le réseau entre le NIR et le poste de ligne. Si cela revient : appeler la maintenance.',
      source: 'spectra-missed',
      device: nir,
    },
  ];
}
